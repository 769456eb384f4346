"""Extensions: installed, brought to another version, moved to another namespace, dropped.

What the new version of one brings is there for the new application from expand on. Its objects have one place at a
time: they move at contract, when nobody looks for them in the old one any more.
"""

from collections.abc import Iterator

from generator.dialects.postgres import probes
from generator.dialects.postgres.recipes.context import Context, action, object_ref
from generator.dialects.postgres.recipes.superuser import may_install, may_move, may_update, with_right
from generator.dialects.postgres.statements import objects
from generator.model.answers import Refusal
from generator.model.change import ExtensionAdded, ExtensionChanged, ExtensionDropped
from generator.model.plan import Action, CannotUndo, Hazard, Ref, Stage, Statement, Step, Undo
from generator.model.schema import Extension, QName


def add_extension(change: ExtensionAdded, context: Context) -> Iterator[Step]:
    """It may need rights that the tables' owner does not have."""
    name = change.extension.name
    yield Step(
        stage=Stage.EXPAND,
        purpose=f"Install the extension {name}.",
        run=(_install(change.extension),),
        undo=Undo(actions=(action(objects.drop_extension(name), probes.absent(probes.extension(name))),)),
        makes=(object_ref(QName("", name)),),
        needs=(object_ref(QName("", change.extension.schema)),),
        hazards=(_rights("Installing", name, objects.create_extension(change.extension)),),
    )


def drop_extension(change: ExtensionDropped, context: Context) -> Iterator[Step]:
    """At cleanup."""
    name = change.extension.name
    yield Step(
        stage=Stage.CLEANUP,
        purpose=f"Drop the extension {name}.",
        run=(action(objects.drop_extension(name), probes.absent(probes.extension(name))),),
        undo=Undo(actions=(_install(change.extension),)),
    )


def change_extension(change: ExtensionChanged, context: Context) -> Iterator[Step]:
    """Its version at expand, its namespace at contract."""
    old, new = change.old, change.new
    if old.version != new.version:
        back = (new.name, new.version, old.version) in context.facts.extension_paths
        yield Step(
            stage=Stage.EXPAND,
            purpose=f"Bring the extension {new.name} from {old.version} to {new.version}.",
            run=(_update(new),),
            undo=Undo(actions=(_update(old),))
            if back
            else CannotUndo(
                because=f"the extension {new.name} has no way back from {new.version}: what the old version of the"
                " application uses of it is still there"
            ),
            makes=(
                object_ref(QName("", new.name)),
                Ref(kind="extension version", of=QName("", new.name), name=new.version),
            ),
            hazards=(_rights("Updating", new.name, objects.update_extension(new)),),
        )
    if old.schema != new.schema:
        yield Step(
            stage=Stage.CONTRACT,
            purpose=f"Move the extension {new.name} from the schema {old.schema} to {new.schema}.",
            run=(_move(new),),
            undo=Undo(actions=(_move(old),)),
            needs=(object_ref(QName("", new.schema)),),
            hazards=(_rights("Moving", new.name, objects.move_extension(new)), _elsewhere(old, new)),
        )


def refused_extension(change: ExtensionChanged, context: Context) -> Iterator[Refusal]:
    """No way from the one version to the other, or objects that cannot move."""
    old, new = change.old, change.new
    if old.version != new.version and (new.name, old.version, new.version) not in context.facts.extension_paths:
        yield Refusal(
            what=f"The extension {new.name} goes from the version {old.version} to {new.version}.",
            because="It brings no update script from the one to the other, and without it what uses it would go.",
            way_out=f"Leave {new.name} at {old.version}; where another server has such a script, name that with"
            " --server URL.",
        )
    if old.schema == new.schema:
        return
    if new.name not in context.facts.relocatable:
        yield Refusal(
            what=f"The extension {new.name} moves from the schema {old.schema} to {new.schema}.",
            because="It cannot be moved once it is installed: its control file says so.",
            way_out=f"Leave it in {old.schema}.",
        )
    elif users := context.facts.extension_users.get(new.name, ()):
        yield Refusal(
            what=f"The extension {new.name} moves from the schema {old.schema} to {new.schema}.",
            because=f"What it brings is used by {', '.join(users)}, which would speak of it by another name.",
            way_out=f"Leave it in {old.schema}, or run ALTER EXTENSION {new.name} SET SCHEMA {new.schema} by hand"
            " before this.",
        )


def _install(extension: Extension) -> Action:
    there = probes.extension(extension.name) if extension.usual else _has(extension)
    return with_right(
        action(objects.create_extension(extension), there), may_install(extension.name, extension.version)
    )


def _update(extension: Extension) -> Action:
    done = _has(extension)
    return with_right(action(objects.update_extension(extension), done), may_update(extension.name, extension.version))


def _move(extension: Extension) -> Action:
    done = probes.extension_in(extension.name, extension.schema)
    return with_right(action(objects.move_extension(extension), done), may_move(extension.name, extension.schema))


def _has(extension: Extension) -> str:
    return probes.extension_version(extension.name, extension.version)


def _rights(doing: str, name: str, statement: Statement) -> Hazard:
    return Hazard(
        code="extension-rights",
        what=f"{doing} {name} needs CREATE on the database; a superuser, if it is not trusted.",
        effect="Without the right the script stops here and has changed nothing.",
        way_out=f"Have an administrator run {statement.sql} beforehand: the step is then skipped.",
    )


def _elsewhere(old: Extension, new: Extension) -> Hazard:
    return Hazard(
        code="application-breaks",
        what=f"What {new.name} brings is in {new.schema} from contract on, and no longer in {old.schema}.",
        effect="Text that is run later (a function's body, the application's queries) and names it so finds nothing.",
        way_out=f"Let the search_path of the application and of functions name both {old.schema} and {new.schema}.",
    )
