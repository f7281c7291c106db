import type { ReadStream, WriteStream } from "node:tty";

import type Docker from "dockerode";

/**
 * Runs a command in a running container with this process's terminal as its own, until it ends.
 *
 * @returns its exit code.
 * @throws Error when the container isn't there or doesn't run.
 */
export async function terminalIn(
  docker: Docker,
  container: string,
  command: readonly string[],
  { input, output }: { readonly input: ReadStream; readonly output: WriteStream },
): Promise<number> {
  const exec = await docker.getContainer(container).exec({
    Cmd: [...command],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true, Tty: true });
  // Before the first resize the command may be at its end already.
  const resize = () => void exec.resize({ w: output.columns, h: output.rows }).catch(() => undefined);
  try {
    input.setRawMode(true);
    output.on("resize", resize);
    resize();
    input.pipe(stream);
    stream.pipe(output, { end: false });
    await new Promise<void>((resolve, reject) => {
      stream.once("end", resolve).once("close", resolve).once("error", reject);
    });
  } finally {
    output.off("resize", resize);
    input.unpipe(stream);
    input.setRawMode(false);
    // A terminal that is read keeps the process from its end.
    input.pause();
  }
  return (await exec.inspect()).ExitCode ?? -1;
}
