import { taskById } from "../../gates/tasks.ts";
import { itemTasks, type Item, type SignOffTask, type Task } from "../../gates/task.ts";
import { cellOf } from "./markdown.ts";
import { PAGE_NOTICE } from "./page.ts";

/** The task that the checklist decides. */
const TASK = "6.2";

/**
 * docs/GO_LIVE_CHECKLIST.md: what people sign before a launch. It holds no status: an item is signed for a commit, and
 * `gate` tells which are.
 */
export function goLiveText(task: Task | undefined = taskById(TASK)): string {
  const items = itemsOf(task);
  return [
    "# GO-LIVE checklist",
    "",
    PAGE_NOTICE,
    "",
    `What people answer for before a launch: whatever no machine can see. It is task ${TASK} of the master plan; everything else is measured, in phases 0 to 5. Each item is signed by somebody of its role, for the commit that is checked out: any later change of the sources asks for the signature anew. An item that somebody refused is NO-GO.`,
    "",
    "    npm run platform -- gate --stack prod --phase 6     # which items are signed, and which are not",
    "    npm run platform -- evidence allow --name Ann --role DevOps     # once: whose word counts, to be reviewed and committed",
    "",
    "| # | Item | Role | What holds | Because |",
    "|---|---|---|---|---|",
    ...items.map(
      ({ id, title, owner, must, because }) =>
        `| \`${TASK}.${id}\` | ${cellOf(title)} | ${owner} | ${cellOf(must)} | ${cellOf(because)} |`,
    ),
    ...items.flatMap((item) => section(item)),
    "",
  ].join("\n");
}

function section({ id, title, owner, must, look }: Item): string[] {
  const role = owner === "All" ? "Platform" : owner;
  return [
    "",
    `## ${title}`,
    "",
    `${must.charAt(0).toUpperCase()}${must.slice(1)}.`,
    "",
    `Look at: ${look}.`,
    "",
    `    npm run platform -- evidence sign --stack prod --task ${TASK}.${id} --name NAME --role '${role}' --saw '…'`,
  ];
}

function itemsOf(task: Task | undefined): readonly Item[] {
  if (task === undefined || itemTasks(task).length === 0) throw new Error(`task ${TASK} has no items to sign`);
  return (task as SignOffTask).items ?? [];
}
