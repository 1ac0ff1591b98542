import { Global, Module, type OnModuleInit } from '@nestjs/common';
import { collectDefaultMetrics } from 'prom-client';
import { VERSION } from '../build.js';
import { MetricsController } from './metrics.controller.js';
import { Metrics } from './metrics.js';

// Gauges that end in _total, which Prometheus' linter refuses (prom-client 15).
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

@Global()
@Module({ controllers: [MetricsController], providers: [Metrics], exports: [Metrics] })
export class MetricsModule implements OnModuleInit {
  constructor(private readonly metrics: Metrics) {}

  onModuleInit(): void {
    collectDefaultMetrics({ register: this.metrics.registry });
    for (const name of MISNAMED) this.metrics.registry.removeSingleMetric(name);
    this.metrics.buildInfo.set({ version: VERSION, node: process.version }, 1);
  }
}
