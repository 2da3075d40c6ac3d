import { createWorkerMetrics } from '../../src/telemetry/metrics.js';
import { serveMetrics } from '../../src/workers/serve-metrics.js';

describe('the metrics of a worker', () => {
  it('are served, and nothing else', async () => {
    const metrics = createWorkerMetrics(() => 3);
    metrics.orphans.inc(2);
    const server = await serveMetrics(metrics.registry, { host: '127.0.0.1', port: 0 });
    try {
      const answer = await fetch(`http://127.0.0.1:${server.port}/metrics`);
      const text = await answer.text();
      expect(text).toMatch(/^baton_orphaned_processes_total 2$/m);
      expect(text).toMatch(/^baton_background_activities 3$/m);
      expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(404);
      await expect(serveMetrics(metrics.registry, { host: '127.0.0.1', port: server.port })).rejects.toMatchObject({
        code: 'port-taken',
      });
    } finally {
      server.close();
    }
  });
});
