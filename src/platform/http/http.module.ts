import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { ProblemCatalog } from './problem-catalog.js';
import { ProblemFilter } from './problem.filter.js';
import { Problems } from './problems.js';
import { ProblemsController } from './problems.controller.js';
import { RouteMethods } from './route-methods.js';
import { ValidationPipe } from './validation.pipe.js';

@Global()
@Module({
  controllers: [ProblemsController],
  providers: [
    ProblemCatalog,
    RouteMethods,
    Problems,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: ValidationPipe },
  ],
  exports: [ProblemCatalog, Problems],
})
export class HttpModule {}
