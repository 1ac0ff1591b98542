/** An answer of this type goes on until somebody ends it: it is answered when it begins. */
export const EVENT_STREAM = 'text/event-stream';
