// Runs Docker Compose as a person would, whichever this machine has: `docker compose`, `docker-compose`, or the one in
// the tools image. Not a test; the story starts it.
import { connectDocker } from "../../../engine/docker.ts";
import { composeOf } from "../../../probes/compose.ts";
import { planStack } from "../../../engine/stack-plan.ts";

const docker = connectDocker();
const plan = await planStack("dev");
const cli = await composeOf({ docker, root: process.cwd(), plan });
const { exitCode, output } = await cli.run(process.argv.slice(2));
process.stdout.write(output);
process.exitCode = exitCode;
