"""Asks two solvers the same question, and prints the first answer: python solve.py SECONDS FILE.smt2

Yices is good at bits, and finds counterexamples; cvc5, which takes words of bits for integers, at products and quotients.
Halmos runs this. It ends by itself when time is over, and its solvers with it.
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAMS = Path(sys.executable).parent


def ask_cvc5(file: str) -> None:
    """Prints `unsat` if cvc5 finds that a file is; nothing if it does not.

    What the file says of arrays is left out: balances of coins, which no proof here is about, and which keep cvc5 from
    an answer. What cannot be with less said cannot be with more.
    """
    import cvc5

    manager = cvc5.TermManager()
    reader = cvc5.Solver(manager)
    symbols = cvc5.SymbolManager(manager)
    parser = cvc5.InputParser(reader, symbols)
    parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, file)
    while not (command := parser.nextCommand()).isNull():
        if command.getCommandName() not in ("check-sat", "get-model"):
            command.invoke(reader, symbols)

    with_arrays: dict = {}

    def has_arrays(term) -> bool:
        if term not in with_arrays:
            with_arrays[term] = term.getSort().isArray() or any(has_arrays(part) for part in term)
        return with_arrays[term]

    solver = cvc5.Solver(manager)
    solver.setOption("solve-bv-as-int", "sum")
    solver.setLogic("QF_UFBV")
    for term in reader.getAssertions():
        if not has_arrays(term):
            # With what is defined put in its place.
            solver.assertFormula(reader.simplify(term, True))
    if solver.checkSat().isUnsat():
        print("unsat")


def first_answer(commands: list[list[str]], seconds: int) -> str | None:
    """What the first solver says that knows an answer; None if none does in time."""
    end = time.monotonic() + seconds
    # Into files: a solver that waits for its reader would not end.
    outputs = [tempfile.TemporaryFile("w+") for _ in commands]
    running = {
        subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL): output
        for command, output in zip(commands, outputs)
    }
    try:
        while running and time.monotonic() < end:
            for process in [one for one in running if one.poll() is not None]:
                output = running.pop(process)
                output.seek(0)
                if (answer := output.read()).startswith(("sat", "unsat")):
                    return answer
            time.sleep(0.01)
        return None
    finally:
        for process in running:
            process.kill()


# What holds of a product whatever its factors are, put in place of Halmos' product of which nothing is known.
PRODUCT = (
    r"(declare-fun f_evm_product_\1 (\2 \2) \2)\n(define-fun f_evm_bvmul_\1 ((x \2) (y \2)) \2 "
    r"(let ((zero (_ bv0 \1)) (one (_ bv1 \1))) (ite (or (= x zero) (= y zero)) zero (ite (= x one) y (ite (= y one) x "
    r"(ite (bvule x y) (f_evm_product_\1 x y) (f_evm_product_\1 y x)))))))"
)


def with_known_products(file: str) -> str:
    """A file that says the same, and of products that they commute, and what those with 0 and 1 are.

    Halmos first asks with products of which nothing is known, and the compiler writes factors in any order. A name that
    begins like Halmos' own tells it that a model of such products proves nothing yet: then it asks with real ones.
    """
    text = Path(file).read_text()
    known = re.sub(r"\(declare-fun f_evm_bvmul_(\d+) \(.*\) (\(_ BitVec \d+\))\)", PRODUCT, text)
    if known == text:
        return file
    Path(file + ".known").write_text(known)
    return file + ".known"


def main() -> None:
    if sys.argv[1] == "--cvc5":
        ask_cvc5(sys.argv[2])
        return
    file = with_known_products(sys.argv[2])
    yices = [str(PROGRAMS / "yices-smt2"), "--smt2-model-format", "--bvconst-in-decimal", file]
    cvc5 = [sys.executable, __file__, "--cvc5", file]
    print(first_answer([yices, cvc5], int(sys.argv[1])) or "unknown", end="")


sys.setrecursionlimit(100_000)
main()
