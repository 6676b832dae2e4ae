"""`make up` ends with its terminal."""

import asyncio
import os
import signal

from deploy.up import up
from tests.app.test_timeouts import LONG


def test_make_up_ends_with_its_terminal_and_leaves_no_number_of_a_process_behind(tmp_path, monkeypatch):
    pid = tmp_path / "pid"
    monkeypatch.setattr("deploy.up.configure", lambda *_: ["sleep", "60"])

    async def hang_up():
        running = asyncio.create_task(up("127.0.0.1", 1, 0, tmp_path))
        while not pid.exists():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        os.kill(int(pid.read_text()), signal.SIGHUP)
        await asyncio.wait_for(running, LONG)

    asyncio.run(hang_up())
    assert not pid.exists()


def test_what_cannot_be_started_now_is_started_later(tmp_path, monkeypatch):
    started, start = [], asyncio.create_subprocess_exec

    async def once_in_vain(*command, **how):
        started.append(command)
        if len(started) == 1:
            raise BlockingIOError("Resource temporarily unavailable")
        os.kill(os.getpid(), signal.SIGTERM)
        return await start(*command, **how)

    monkeypatch.setattr("deploy.up.configure", lambda *_: ["sleep", "60"])
    monkeypatch.setattr("deploy.up.SHORTEST", 0.01)
    monkeypatch.setattr(asyncio, "create_subprocess_exec", once_in_vain)
    asyncio.run(asyncio.wait_for(up("127.0.0.1", 1, 0, tmp_path), LONG))
    assert len(started) > 1
