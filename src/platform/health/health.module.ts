import { Global, Module } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import { HealthController } from './health.controller.js';
import { HealthRegistry } from './health-registry.js';
import { Lifecycle } from './lifecycle.js';
import { ProbesController } from './probes.controller.js';
import { ProjectionLagHealth } from './projection-lag.health.js';
import { StoreHealth } from './store.health.js';

@Global()
@Module({
  // Failures are in the answer and in the metrics; a line for every probe would drown the rest.
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [ProbesController, HealthController],
  providers: [HealthRegistry, Lifecycle, StoreHealth, ProjectionLagHealth],
  exports: [HealthRegistry, Lifecycle],
})
export class HealthModule {}
