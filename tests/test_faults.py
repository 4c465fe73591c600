"""Every fault that `faults.py` plants in a copy of the package is caught, and the copy without a fault passes."""

import pytest

from . import faults


@pytest.fixture(scope="module")
def results():
    return faults.run_all([None, *faults.FAULTS])


def test_the_copy_without_a_fault_passes(results):
    status, output = results[""].result()
    assert status == 0, output


@pytest.mark.parametrize("name", [fault.name for fault in faults.FAULTS])
def test_a_planted_fault_is_caught(results, name):
    status, output = results[name].result()
    assert status == 1, f"pytest ended with status {status}, not 1 (a test failed):\n{output[-2000:]}"
    assert " failed" in output


def test_a_fault_that_no_longer_fits_the_code_is_an_error(tmp_path):
    gone = faults.Fault("gone", "engine.py", "text that stands nowhere", "")
    with pytest.raises(LookupError, match=r"gone.*0 times"):
        faults.plant(gone, tmp_path)


def test_there_are_faults_enough_and_their_names_differ():
    assert len({fault.name for fault in faults.FAULTS}) == len(faults.FAULTS) >= 10
