"""Run by native code (the extra `fast`).

    executor.py      executes a program: one call forward, one backward
    machine.py       what runs a program, from lists of whole numbers
    llvm.py          the operations of the table in LLVM's language
    records.py       single operations as records of six numbers
    threaded.py      records of one sample as threaded code
    instructions.py  a program as instructions
    build.py         the machine becomes native code
    cache.py         native code is kept, and when a file of it is trusted

Read next: `executor.py`.
"""

__all__: list[str] = []
