import { describe, expect, test } from "vitest";

import { Images, type ImageName, type ImagesArgs, settleImages } from "../../components/images.ts";
import { TYPES } from "../../plan/plan.ts";
import { register } from "../harness/register.ts";

const ARGS: ImagesArgs = {
  project: "shop",
  source: "registry",
  base: "debian@sha256:1",
  buildBase: "debian@sha256:1",
  odooBase: "odoo@sha256:2",
  contentHashes: {
    "odoo-debian": "a",
    odoo: "b",
    postgres: "c",
    edge: "d",
    vault: "v",
    backup: "k",
    "vault-relay": "r",
    "mail-catcher": "m",
    monitoring: "n",
    mcp: "p",
    ci: "q",
    ...{ identity: "e", "sign-on": "f", shell: "g", terminal: "h" },
  },
};

function refs(changes: Partial<ImagesArgs> = {}): { [name: string]: string } {
  return Object.fromEntries(settleImages({ ...ARGS, ...changes }).map(({ name, ref }) => [name, ref]));
}

/** Names of the images whose tags differ. */
function retagged(changes: Partial<ImagesArgs>, from: Partial<ImagesArgs> = {}): string[] {
  const [before, after] = [refs(from), refs({ ...from, ...changes })];
  return Object.keys(after).filter((name) => before[name] !== after[name]);
}

describe("which images are made, and from what", () => {
  test("with a registry: Odoo from the official image, the rest from one Debian base", () => {
    expect(settleImages(ARGS).map(({ name, dockerfile, args }) => ({ name, dockerfile, args }))).toEqual([
      {
        name: "odoo",
        dockerfile: "Dockerfile.ce19",
        args: { ODOO_BASE: "odoo@sha256:2", BUILD_BASE: "debian@sha256:1" },
      },
      { name: "postgres", dockerfile: "Dockerfile.postgres", args: { BASE: "debian@sha256:1" } },
      { name: "edge", dockerfile: "Dockerfile.edge", args: { BASE: "debian@sha256:1", BUILD_BASE: "debian@sha256:1" } },
    ]);
  });

  test("without one: Odoo from an image of our own, which is made first", () => {
    const [first, second] = settleImages({ ...ARGS, source: "debian", base: "shop/base:1" });
    expect(first).toMatchObject({
      name: "odoo-debian",
      dockerfile: "Dockerfile.odoo-debian",
      args: { BASE: "shop/base:1" },
    });
    expect(second).toMatchObject({ name: "odoo", dockerfile: "Dockerfile.ce19", args: { ODOO_BASE: first?.ref } });
    // Addons are fetched with it.
    expect(second?.args["BUILD_BASE"]).toBe("debian@sha256:1");
  });
});

describe("tags", () => {
  test("are project, name, and twelve digits of what goes in", () => {
    for (const [name, ref] of Object.entries(refs())) expect(ref).toMatch(new RegExp(`^shop/${name}:[0-9a-f]{12}$`));
  });

  test("are the same for the same contents", () => {
    expect(refs()).toEqual(refs());
  });

  test.each<ImageName>(["odoo", "postgres", "edge"])("a change in the files of %s makes a tag for it alone", (name) => {
    expect(retagged({ contentHashes: { ...ARGS.contentHashes, [name]: "changed" } })).toEqual([name]);
  });

  test("a change in Debian's Odoo goes on to what is built on it", () => {
    const contentHashes = { ...ARGS.contentHashes, "odoo-debian": "changed" };
    expect(retagged({ contentHashes }, { source: "debian" })).toEqual(["odoo-debian", "odoo"]);
    expect(retagged({ contentHashes })).toEqual([]);
  });

  test("another base makes tags for what is built from it", () => {
    expect(retagged({ base: "debian@sha256:9" })).toEqual(["postgres", "edge"]);
    expect(retagged({ base: "debian@sha256:9" }, { source: "debian" })).toEqual([
      "odoo-debian",
      "odoo",
      "postgres",
      "edge",
    ]);
    expect(retagged({ odooBase: "odoo@sha256:9" })).toEqual(["odoo"]);
  });

  // The build base holds the host's CA: what it builds is thrown away, and machines must agree on tags.
  test.each(["registry", "debian"] as const)("a host's own CA is in none (%s)", (source) => {
    expect(retagged({ buildBase: "shop/build-base:1" }, { source })).toEqual([]);
    expect(settleImages({ ...ARGS, source, buildBase: "shop/build-base:1" }).at(-1)?.args["BUILD_BASE"]).toBe(
      "shop/build-base:1",
    );
  });
});

describe("the resources", () => {
  const make = (changes: Partial<ImagesArgs> = {}) => register(() => new Images("images", { ...ARGS, ...changes }));

  test("are built here, kept when the stack goes, and by the builder that every Engine has", async () => {
    const { resources } = await make();
    const edge = resources.find(({ type, name }) => type === TYPES.image && name === "edge");
    expect(edge).toMatchObject({ retainOnDelete: true, protect: false });
    expect(edge?.inputs).toEqual({
      imageName: refs()["edge"],
      skipPush: true,
      buildOnPreview: false,
      build: {
        context: "docker/edge",
        dockerfile: "docker/Dockerfile.edge",
        args: { BASE: "debian@sha256:1", BUILD_BASE: "debian@sha256:1" },
        builderVersion: "BuilderV1",
      },
    });
  });

  test("Odoo's waits for the one it is built on", async () => {
    const { resources } = await make({ source: "debian" });
    const odoo = resources.find(({ type, name }) => type === TYPES.image && name === "odoo");
    expect(odoo?.dependencies).toEqual([
      "urn:pulumi:test::lab::odoo-platform:docker:Images$docker:index/image:Image::odoo-debian",
    ]);
  });

  test("an image that isn't made here has no name to refer to", async () => {
    let ask: (() => unknown) | undefined;
    await register(() => {
      const images = new Images("images", ARGS);
      ask = () => images.ref("odoo-debian");
    });
    expect(ask).toThrow("no image odoo-debian is made where images come from elsewhere");
  });
});
