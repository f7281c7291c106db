/** Server settings that follow from a size. Values in PostgreSQL's own units. */
export type ServerSettings = { readonly [name: string]: string };

/**
 * Sizes a server.
 *
 * shared_buffers: a quarter of memory (PostgreSQL 17 manual, 19.4 Resource Consumption, "a reasonable starting value").
 * effective_cache_size: three quarters (19.7: what the disk cache may hold).
 * work_mem: what is left, for every connection at three sorts or hashes each, between PostgreSQL's default 4 MB and 64 MB.
 * maintenance_work_mem: a sixteenth of memory, 64 MB to 1 GB, as pgtune does.
 * max_parallel_workers_per_gather: half the cpus; Odoo's queries are short, so never more than 4.
 */
export function sizeServer(size: {
  readonly memoryMiB: number;
  readonly cpus: number;
  readonly maxConnections: number;
}): ServerSettings {
  const { memoryMiB, cpus, maxConnections } = size;
  const sharedBuffers = Math.floor(memoryMiB / 4);
  const workMem = clamp(Math.floor((memoryMiB - sharedBuffers) / (maxConnections * 3)), 4, 64);
  return {
    max_connections: String(maxConnections),
    shared_buffers: `${sharedBuffers}MB`,
    effective_cache_size: `${Math.floor((memoryMiB * 3) / 4)}MB`,
    work_mem: `${workMem}MB`,
    maintenance_work_mem: `${clamp(Math.floor(memoryMiB / 16), 64, 1024)}MB`,
    max_worker_processes: String(Math.max(8, Math.ceil(cpus))),
    max_parallel_workers_per_gather: String(clamp(Math.floor(cpus / 2), 0, 4)),
    // Volumes lie on solid-state disks today: a random page costs hardly more than a sequential one.
    random_page_cost: "1.1",
    effective_io_concurrency: "200",
    max_wal_size: `${clamp(memoryMiB, 1024, 8192)}MB`,
    checkpoint_completion_target: "0.9",
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
