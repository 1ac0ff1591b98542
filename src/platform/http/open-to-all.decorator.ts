import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';

export const OPEN_TO_ALL = 'constancia:open';

/** For the few routes without a caller: probes, metrics, documentation. */
export const OpenToAll = () => applyDecorators(SetMetadata(OPEN_TO_ALL, true), ApiSecurity({}));
