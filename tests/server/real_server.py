"""A real Jupyter server with the extension, without JupyterLab, and kernels that it started."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_process import end, wait_until_up

TESTS = Path(__file__).parents[1]


class Answer(Exception):
    """What the server said; raised where it refused."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body


class Server:
    """`jupyter server` on loopback with folders of its own."""

    def __init__(self, folder: Path) -> None:
        self.runtime = folder / "runtime"
        self.token = secrets.token_hex(16)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        places = {f"JUPYTER_{name}_DIR": str(folder / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")}
        paths = str(TESTS), str(TESTS / "magics"), os.environ.get("PYTHONPATH", "")
        python_path = os.pathsep.join(filter(None, paths))  # an empty one would be the folder a program runs in
        environment = {"GENART_HOME": str(folder / "genart_home"), "PYTHONPATH": python_path}
        command = [sys.executable, "-m", "jupyter", "server", "--no-browser", "--allow-root"]
        command += [f"--ServerApp.root_dir={folder}", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}"]
        command += [f"--IdentityProvider.token={self.token}", "--ServerApp.port_retries=0"]
        command += ["--ServerApp.jpserver_extensions={'genart_nb.server': True}"]
        command += ["--MappingKernelManager.cull_idle_timeout=300", "--ServerApp.shutdown_no_activity_timeout=300"]
        self.log = folder / "server.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=folder, env=os.environ | places | environment, stdout=log, stderr=subprocess.STDOUT
            )

    def ask(self, path: str, method: str = "GET", body: Any = None, token: str | None = None, **headers: str) -> Any:
        """Send a request; raises Answer for anything but success."""
        given = self.token if token is None else token
        headers = {**({"Authorization": f"token {given}"} if given else {}), **headers}
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            raise Answer(error.code, error.read()) from None

    def wait(self, seconds: float = 60) -> None:
        wait_until_up(self.process, self.ask, self.log, seconds)

    def stop(self) -> None:
        end(self.process)


class Kernel:
    """One kernel of the server, and its shell channel."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.id = server.ask("/api/kernels", "POST", {"name": "python3"})["id"]
        self.connection = server.runtime / f"kernel-{self.id}.json"
        self.client = BlockingKernelClient(connection_file=str(self.connection))
        self.client.load_connection_file()
        self.client.start_channels()
        self._begin()

    def _begin(self, seconds: float = 120) -> None:
        """Wait until it answers; one that is slow to begin is taken for dead by the client, so ask again."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.client.wait_for_ready(timeout=60)
                return
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise

    def run(self, code: str, *, wait: bool = True) -> str:
        """Run a cell; what it printed, or its error."""
        id = self.client.execute(code)
        said = ""
        while wait:
            message = self.client.get_iopub_msg(timeout=60)
            content = message["content"]
            if message["parent_header"].get("msg_id") != id:
                continue
            if message["msg_type"] == "stream":
                said += content["text"]
            elif message["msg_type"] == "error":
                said += f"{content['ename']}: {content['evalue']}"
            elif content.get("execution_state") == "idle":
                break
        return said

    def ask(self, what: str, method: str = "GET", body: Any = None) -> Any:
        return self.server.ask(f"/genart/kernels/{self.id}/{what}", method, body)

    def state(self) -> dict[str, Any]:
        """What the server tells of this kernel's jobs."""
        found: dict[str, Any] = next(
            each for each in self.server.ask("/genart/status")["kernels"] if each["kernel"] == self.id
        )
        return found

    def close(self) -> None:
        self.client.stop_channels()
        self.server.ask(f"/api/kernels/{self.id}", "DELETE")
