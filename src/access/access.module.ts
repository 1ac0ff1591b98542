import { Module, type OnModuleInit } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ProblemCatalog } from '../platform/http/problem-catalog.js';
import { AccessGuard } from './access.guard.js';
import { accessProblems } from './access.rejections.js';
import { ApiKeyAuthentication } from './api-keys/api-key-authentication.js';
import { ApiKeyDirectory } from './api-keys/api-key-directory.js';
import { ApiKeyStore } from './api-keys/api-key.store.js';
import { StoredApiKeyDirectory } from './api-keys/stored-api-key-directory.js';
import { IssueApiKeyHandler } from './api-keys/issue-api-key.command-handler.js';

@Module({
  providers: [
    ApiKeyStore,
    { provide: ApiKeyDirectory, useClass: StoredApiKeyDirectory },
    ApiKeyAuthentication,
    IssueApiKeyHandler,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
})
export class AccessModule implements OnModuleInit {
  constructor(private readonly problems: ProblemCatalog) {}

  onModuleInit(): void {
    this.problems.register(accessProblems);
  }
}
