import { enableCompileCache } from 'node:module';

// Most of a start is reading and compiling modules; the second start on a machine finds them compiled. It works only
// for what is imported after this line.
enableCompileCache();

const { serve } = await import('./serve.js');
await serve();
