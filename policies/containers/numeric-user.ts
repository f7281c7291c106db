import { type Rule, when } from "../rule.ts";
import { containerRule } from "./container.ts";

/** Every container runs as a numeric user and group, neither of them root. */
export const numericUser: Rule = containerRule({
  id: "containers-run-as-a-numbered-user",
  level: "mandatory",
  must: "every container runs as a numeric user and group, neither of them root",
  why: "root in a container is root on the host with one fault in the kernel; a name means what an image says",
  fix: "set user to uid:gid, both above 0",
  sources: [],
  reads: "Container.user",
  findFaults: (container) => {
    const user = container.read("user").word;
    return when(!/^[1-9]\d*:[1-9]\d*$/.test(user), `user is ${user === "" ? "not set" : user}`);
  },
});
