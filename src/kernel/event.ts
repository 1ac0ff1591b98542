/** A fact as it is stored: a literal versioned name and JSON data. */
export interface Event<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/** Turns the data of an older version into that of the version the definition names. */
export type Upcaster<Data> = (older: never) => Data;

/** One kind of event: the name it is stored under today and how each older name is read. */
export interface EventDefinition<Type extends string, Data> {
  readonly type: Type;
  /** Older stored name -> how its data becomes today's. */
  readonly upcasters: Readonly<Record<string, Upcaster<Data>>>;
  /** Makes an event of today's version. */
  (data: Data): Event<Type, Data>;
}

/** Declares an event under a literal name that is for ever; a rename of code never renames history. */
export function defineEvent<Data>() {
  return <const Type extends `${string}.v${number}`>(
    type: Type,
    upcasters: Readonly<Record<string, Upcaster<Data>>> = {},
  ): EventDefinition<Type, Data> =>
    Object.assign((data: Data): Event<Type, Data> => ({ type, data }), { type, upcasters });
}
