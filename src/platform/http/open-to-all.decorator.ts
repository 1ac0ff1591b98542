import { SetMetadata } from '@nestjs/common';

export const OPEN_TO_ALL = 'constancia:open';

/** For the few routes without a caller: probes, metrics, documentation. */
export const OpenToAll = () => SetMetadata(OPEN_TO_ALL, true);
