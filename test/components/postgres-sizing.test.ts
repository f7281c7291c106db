import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { sizeServer } from "../../components/postgres-sizing.ts";

describe("the settings of each stack", () => {
  test("dev: 768 MiB, 2 cpus, 100 connections", () => {
    expect(sizeServer({ memoryMiB: 768, cpus: 2, maxConnections: 100 })).toEqual({
      max_connections: "100",
      shared_buffers: "192MB",
      effective_cache_size: "576MB",
      work_mem: "4MB",
      maintenance_work_mem: "64MB",
      max_worker_processes: "8",
      max_parallel_workers_per_gather: "1",
      random_page_cost: "1.1",
      effective_io_concurrency: "200",
      max_wal_size: "1024MB",
      checkpoint_completion_target: "0.9",
    });
  });

  test("prod: 16 GiB, 8 cpus, 300 connections", () => {
    expect(sizeServer({ memoryMiB: 16384, cpus: 8, maxConnections: 300 })).toEqual({
      max_connections: "300",
      shared_buffers: "4096MB",
      effective_cache_size: "12288MB",
      work_mem: "13MB",
      maintenance_work_mem: "1024MB",
      max_worker_processes: "8",
      max_parallel_workers_per_gather: "4",
      random_page_cost: "1.1",
      effective_io_concurrency: "200",
      max_wal_size: "8192MB",
      checkpoint_completion_target: "0.9",
    });
  });
});

test.each([
  [
    "a quarter of a cpu gathers alone",
    { memoryMiB: 256, cpus: 0.25, maxConnections: 20 },
    "max_parallel_workers_per_gather",
    "0",
  ],
  ["64 cpus have a worker each", { memoryMiB: 65536, cpus: 64, maxConnections: 300 }, "max_worker_processes", "64"],
  ["work_mem stops at 64 MB", { memoryMiB: 262144, cpus: 64, maxConnections: 100 }, "work_mem", "64MB"],
  [
    "work_mem never falls below PostgreSQL's default",
    { memoryMiB: 256, cpus: 1, maxConnections: 5000 },
    "work_mem",
    "4MB",
  ],
  ["max_wal_size stops at 8 GB", { memoryMiB: 262144, cpus: 64, maxConnections: 100 }, "max_wal_size", "8192MB"],
])("%s", (_title, size, setting, value) => {
  expect(sizeServer(size)[setting]).toBe(value);
});

test("buffers and every connection's sorts fit in memory, where work_mem is above its floor", () => {
  const size = fc.record({
    memoryMiB: fc.integer({ min: 256, max: 1_048_576 }),
    cpus: fc.double({ min: 0.25, max: 128, noNaN: true }),
    maxConnections: fc.integer({ min: 20, max: 5000 }),
  });
  const megabytes = (text: string | undefined) => Number.parseInt(text ?? "", 10);
  const { counterexample } = fc.check(
    fc.property(size, (some) => {
      const { shared_buffers, work_mem } = sizeServer(some);
      const sorts = megabytes(work_mem) * some.maxConnections * 3;
      return megabytes(work_mem) === 4 || megabytes(shared_buffers) + sorts <= some.memoryMiB;
    }),
  );
  expect(counterexample).toBeNull();
});
