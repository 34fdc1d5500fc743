"""Shares a signer among threads, processes and garbage cycles. A test that could crash runs in a separate process."""

import textwrap
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from conftest import Script
from kayako_sign import Signer


def outcome(script: Script, program: str) -> str:
    """Returns the output of a program, which must exit with 0 and print no message."""
    done = script(textwrap.dedent(program))
    assert done.returncode == 0, f"exit code {done.returncode}: {done.stderr}"
    assert done.stderr == ""
    return done.stdout.strip()


def test_eight_threads_share_one_signer() -> None:
    signer = Signer("apikey", "secretkey")
    expected = {salt: Signer("apikey", "secretkey").sign(salt) for salt in range(1, 2001)}
    together = Barrier(8)

    def work(_: int) -> list[str]:
        together.wait()
        right = all(signer.sign(salt) == signature for salt, signature in expected.items())
        salts = [signer.credentials()["salt"] for _ in range(500)]
        salts += [credentials["salt"] for credentials in signer.credentials_batch(500)]
        return salts if right else []

    with ThreadPoolExecutor(8) as pool:
        salts = [salt for part in pool.map(work, range(8)) for salt in part]
    assert len(salts) == len(set(salts)) == 8 * 1000


def test_closing_a_signer_lets_running_calls_finish_and_refuses_new_ones(script: Script) -> None:
    program = """
        from threading import Barrier, Thread
        from kayako_sign import KayakoSignError, Signer, Status

        right = Signer("apikey", "k" * 60_000).sign("s" * 60_000)
        outcomes = []

        def work(signer, together):
            together.wait()
            count = 0
            try:
                while True:
                    if signer.sign("s" * 60_000) != right:
                        outcomes.append("a wrong signature")
                    signer.credentials_batch(10)
                    count += 1
            except KayakoSignError as error:
                outcomes.append(Status(error.status).name)

        for _ in range(100):
            signer, together = Signer("apikey", "k" * 60_000), Barrier(9)
            threads = [Thread(target=work, args=(signer, together)) for _ in range(8)]
            for thread in threads:
                thread.start()
            together.wait()
            signer.sign("s" * 60_000)
            signer.close()
            for thread in threads:
                thread.join()
        print(len(outcomes), *set(outcomes))
    """
    assert outcome(script, program) == "800 NULL_SIGNER"


def test_salts_of_a_parent_and_its_children_all_differ(script: Script) -> None:
    program = """
        import os, json
        from kayako_sign import Signer, generate_salt

        signer = Signer("apikey", "secretkey")

        def salts():
            fresh = [generate_salt() for _ in range(100)]
            fresh += [signer.credentials()["salt"] for _ in range(100)]
            return fresh + [credentials["salt"] for credentials in signer.credentials_batch(100)]

        every = salts()
        for _ in range(8):
            reader, writer = os.pipe()
            child = os.fork()
            if child == 0:
                with open(writer, "w") as pipe:
                    json.dump(salts(), pipe)
                os._exit(0)
            os.close(writer)
            every += salts()
            with open(reader) as pipe:
                every += json.load(pipe)
            os.waitpid(child, 0)
        print(len(every), len(set(every)))
    """
    assert outcome(script, program) == "5100 5100"


def test_a_child_process_may_close_or_drop_the_signer_of_its_parent(script: Script) -> None:
    program = """
        import os
        from kayako_sign import Signer

        signer = Signer("apikey", "secretkey")
        right = signer.sign("1234567890")
        for ending in (signer.close, lambda: globals().pop("signer"), lambda: None):
            child = os.fork()
            if child == 0:
                ending()
                raise SystemExit(0 if Signer("apikey", "secretkey").verify("1234567890", right) else 1)
            assert os.waitpid(child, 0)[1] == 0
        print(signer.verify("1234567890", right))
    """
    assert outcome(script, program) == "True"


def test_a_finalizer_in_a_cycle_with_a_signer_may_use_it(script: Script) -> None:
    program = """
        import gc
        from threading import Thread
        from kayako_sign import KayakoSignError, Signer

        finished = []

        class Owner:
            def __init__(self):
                self.signer = Signer("apikey", "k" * 60_000)
                self.signer.owner = self

            def __del__(self):
                thread = Thread(target=self.use)
                thread.start()
                if len(finished) % 2:
                    self.signer.close()
                finished.append(thread)

            def use(self):
                try:
                    for _ in range(20):
                        self.signer.sign("s" * 60_000)
                except KayakoSignError:
                    pass

        gc.disable()
        for index in range(300):
            Owner()
            if index % 10 == 0:
                gc.collect()
        gc.collect()
        for thread in finished:
            thread.join()
        print(len(finished))
    """
    assert outcome(script, program) == "300"


def test_a_program_may_exit_with_signers_open(script: Script) -> None:
    program = """
        import atexit, builtins, sys, threading
        import kayako_sign
        from kayako_sign import Signer

        class Late:
            def __init__(self):
                self.signer = Signer("apikey", "secretkey")

            def __del__(self):
                self.signer.sign("1234567890")
                self.signer.close()

        class Loop:
            pass

        left = Signer("apikey", "secretkey")
        late = Late()
        builtins.left = Late()
        sys.left = Signer("apikey", "secretkey")
        kayako_sign.left = Late()
        loop = Loop()
        loop.loop, loop.signer, loop.late = loop, Signer("apikey", "secretkey"), Late()
        atexit.register(left.sign, "1234567890")

        def work(signer):
            while True:
                signer.sign("s" * 60_000)

        for _ in range(4):
            threading.Thread(target=work, args=(left,), daemon=True).start()
        print("end")
    """
    for _ in range(5):
        assert outcome(script, program) == "end"


def test_closed_or_dropped_signers_leak_no_memory(script: Script) -> None:
    program = """
        import gc, resource
        from kayako_sign import KayakoSignError, Signer

        def make(count):
            for index in range(count):
                signer = Signer("apikey", b"k" * 65_536)
                if index % 3 == 0:
                    signer.close()
                elif index % 3 == 1:
                    signer.itself = signer
                else:
                    signer.__init__("apikey", b"k" * 65_536)
                if index % 50 == 0:
                    gc.collect()

        make(100)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        make(3000)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        print("grown by less than 20 MiB" if grown < 20 * 1024 else f"grown by {grown} KiB")
    """
    assert outcome(script, program) == "grown by less than 20 MiB"
