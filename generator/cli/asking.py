"""Open questions: put to a person where one is there, each answer kept in the answers file at once."""

from pathlib import Path

from generator.cli.progress import Progress
from generator.cli.terminal import Terminal
from generator.model.answers import Answers, Question, QuestionKind

DEFAULT_FILE = Path("answers.toml")
"""Where answers go if --answers names no file. It is only read where it is named, so that no run depends on a file
that happens to lie about."""


class Asking:
    """The pipeline's Ask. ``file`` is where answers are kept; ``answered`` counts those of this run."""

    def __init__(self, terminal: Terminal, named: Path | None, progress: Progress) -> None:
        """``named`` is what --answers says."""
        self._terminal = terminal
        self._progress = progress
        self.file = named or DEFAULT_FILE
        self.answered = 0
        self.overlooked = named is None and DEFAULT_FILE.exists()
        """Whether there is an answers.toml here that was not named."""

    @property
    def file_to_read(self) -> Path | None:
        """The file that holds answers already. One that was named may be missing only if it can be written now."""
        if self.file == DEFAULT_FILE and (self.overlooked or not self.file.exists()):
            return None
        return self.file if self.file.exists() or not self._terminal.asks else None

    def __call__(self, questions: tuple[Question, ...]) -> Answers | None:
        """The answers so far and to one more question at least, or None where nobody answers."""
        from generator.cli.prompt import put
        from generator.load import add_answers, read_answers

        if not self._terminal.asks or self.overlooked:
            return None
        terminal = self._terminal
        self._progress.pause()
        for question in _first(questions):
            if not self.answered:
                terminal.tell(f"What the schemas cannot say. Your answers are kept in {self.file}.\n\n")
            lines = put(question, terminal.paint(terminal.stderr), read=terminal.stdin, write=terminal.stderr)
            if lines is None:
                return None
            add_answers(self.file, [lines])
            self.answered += 1
            terminal.tell("\n")
        self._progress.resume()
        return read_answers(self.file)


def _first(questions: tuple[Question, ...]) -> tuple[Question, ...]:
    """One rename at a time, before all else: what is answered there may settle the others."""
    renames = tuple(question for question in questions if question.kind is QuestionKind.RENAME)
    return renames[:1] or questions
