"""Run notebooks from a fresh kernel and store what they show, the same every time.

    python notebooks/execute.py            # every notebook of this folder
    python notebooks/execute.py 01*.ipynb  # these

What would differ from run to run or from machine to machine is left out: timings, random cell ids, the
kernel's version, progress bars, memory addresses, where the checkout lies.
"""

import os
import re
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

HERE = Path(__file__).resolve().parent
TIMEOUT = 600  # seconds per cell
QUIET = {"TQDM_DISABLE": "1", "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0"}  # the last: dates within pictures
CHANGING = [
    (re.compile(r" at 0x[0-9a-fA-F]+"), ""),
    (re.compile(r"\S*ipykernel_\d+[/\\]\d+\.py"), "<cell>"),
    (re.compile(re.escape(f"{HERE.parent}{os.sep}")), ""),
    (re.compile(re.escape(sys.prefix)), ".venv"),
]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def execute(path: Path) -> nbformat.NotebookNode:
    """Return the notebook at `path`, executed in its own folder and normalised; the file stays as it is.

    Raises:
        CellExecutionError: A cell raised; the message shows the cell and the traceback.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata = nbformat.from_dict(KERNEL)
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],  # else each kernel says that it listens on this machine unencrypted
        resources={"metadata": {"path": str(path.parent)}},
    )
    client.execute(env={**os.environ, **QUIET})
    return normalise(notebook)


def normalise(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Reduce an executed notebook to what is the same in every run."""
    notebook.metadata = nbformat.from_dict(KERNEL)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells, start=1):
        cell.id = f"cell-{number:02d}"
        cell.metadata = nbformat.from_dict({"tags": cell.metadata.tags} if cell.metadata.get("tags") else {})
        for output in cell.get("outputs", []):
            if "text" in output:
                output.text = plain(output.text)
            if output.output_type == "error":
                output.evalue = plain(output.evalue)
                output.traceback = [plain(line) for line in output.traceback]
            if "text/plain" in output.get("data", {}):
                output.data["text/plain"] = plain(output.data["text/plain"])
    nbformat.validate(notebook)
    return notebook


def plain(text: str) -> str:
    """Take out of `text` what belongs to this run or this machine."""
    for pattern, replacement in CHANGING:
        text = pattern.sub(replacement, text)
    return text


def main(arguments: list[str]) -> int:
    paths = [Path(argument).resolve() for argument in arguments] or sorted(HERE.glob("*.ipynb"))
    if not paths:
        print(f"there is no notebook in {HERE.name}/", file=sys.stderr)
        return 1
    for path in paths:
        try:
            text = nbformat.writes(execute(path)).rstrip("\n") + "\n"
        except CellExecutionError as error:
            print(f"{path.name} failed:\n{COLOUR.sub('', str(error))}", file=sys.stderr)
            return 1
        changed = text != path.read_text(encoding="utf-8")
        if changed:
            path.write_text(text, encoding="utf-8")
        print(f"{path.name}: {len(text) / 1024:.0f} kB, {'rewritten' if changed else 'unchanged'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
