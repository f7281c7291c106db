import { program } from "./stacks/program.ts";

// Pulumi calls the default export with no arguments.
export default () => program();
