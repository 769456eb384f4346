"""Comments the check and the review on a pull request of GitHub, or updates that comment. Standard library only.

``python3 comment.py CHECK.md REVIEW.md``, with GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_EVENT_PATH and GITHUB_TOKEN as
a workflow has them. Files that are not there are left out. A token that may not write (a pull request of a fork) is
said, and is no failure.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

MARK = "<!-- gen-migration -->"
"""How our comment begins, so that the next run finds it."""

MOST = 65_536
"""Characters that a comment may have."""

_PER_PAGE = 100
_CUT = "\n\n… cut here: more than a comment holds. The whole review is what `gen-migration OLD NEW --out DIR` writes.\n"


def body(check: str, review: str) -> str:
    """The comment: the check, then the review below it, cut at a line where both are too long."""
    folded = f"\n<details><summary>The review of the migration</summary>\n\n{review}\n\n</details>\n" if review else ""
    whole = f"{MARK}\n{check}{folded}"
    if len(whole) <= MOST:
        return whole
    room = MOST - len(_CUT) - len("\n</details>\n")
    end = whole.rfind("\n", 0, room)
    cut = whole[: end if end > 0 else room]
    # A fence or a fold that was begun is ended, so that what follows is not drawn in.
    fence = "\n```" if cut.count("\n```") % 2 else ""
    return f"{cut}{fence}{_CUT}" + ("\n</details>\n" if folded and "The review of the migration" in cut else "")


def main(arguments: list[str]) -> int:
    """Comment; the exit code."""
    texts = [Path(each).read_text(encoding="utf-8") if Path(each).is_file() else "" for each in arguments]
    check, review = (*texts, "", "")[:2]
    if not check and not review:
        print("gen-migration: there is nothing to comment.")
        return 0
    event = json.loads(Path(os.environ["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    issue = f"/repos/{os.environ['GITHUB_REPOSITORY']}/issues"
    number = event["pull_request"]["number"]
    try:
        there = _ours(f"{issue}/{number}/comments")
        if there is None:
            _ask("POST", f"{issue}/{number}/comments", {"body": body(check, review)})
        else:
            _ask("PATCH", f"{issue}/comments/{there}", {"body": body(check, review)})
    except urllib.error.HTTPError as error:
        if error.code in (401, 403, 404):
            print(
                f"::notice title=gen-migration::The review was not commented ({error.code}): the token may not write"
                " comments. The job's summary has the check."
            )
            return 0
        raise
    return 0


def _ours(path: str) -> int | None:
    """The number of our comment, or None where there is none yet."""
    page = 1
    while True:
        comments = _ask("GET", f"{path}?per_page={_PER_PAGE}&page={page}")
        for comment in comments:
            if str(comment.get("body", "")).startswith(MARK):
                return int(comment["id"])
        if len(comments) < _PER_PAGE:
            return None
        page += 1


def _ask(method: str, path: str, data: Any = None) -> Any:
    request = urllib.request.Request(
        os.environ["GITHUB_API_URL"].rstrip("/") + path,
        method=method,
        data=json.dumps(data).encode() if data is not None else None,
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "Content-Type": "application/json",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
