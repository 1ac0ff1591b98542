// How long one scrape takes with every metric at its budget: over HTTP on loopback, from a service that serves nothing else.
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Metrics } from '../src/platform/metrics/metrics.js';
import { MetricsModule } from '../src/platform/metrics/metrics.module.js';
import { fillToBudget } from '../test/support/series-budget.js';
import { median, quantile } from './submit/measured.js';
import { rounded } from './submit/report.js';

const WARM_UP = 20;
const SCRAPES = 100;

@Module({ imports: [MetricsModule] })
class ScrapedModule {}

const app = await NestFactory.create<NestFastifyApplication>(ScrapedModule, new FastifyAdapter(), {
  logger: false,
});
try {
  await app.listen(0, '127.0.0.1');
  fillToBudget(app.get(Metrics));
  const url = `${await app.getUrl()}/metrics`;
  const taken: number[] = [];
  let page = '';
  let cpu = process.cpuUsage();
  for (let scrape = -WARM_UP; scrape < SCRAPES; scrape += 1) {
    if (scrape === 0) cpu = process.cpuUsage();
    const from = performance.now();
    page = await (await fetch(url)).text();
    if (scrape >= 0) taken.push(performance.now() - from);
  }
  const { user, system } = process.cpuUsage(cpu);
  const sorted = taken.toSorted((a, b) => a - b);
  const lines = page.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  console.log(
    JSON.stringify({
      scrape_ms: rounded(median(taken)),
      p99_ms: rounded(quantile(sorted, 0.99)),
      // Of both ends; on a machine that does other work besides, the figure that repeats.
      cpu_ms: rounded((user + system) / 1_000 / SCRAPES),
      series: lines,
      bytes: page.length,
    }),
  );
} finally {
  await app.close();
}
