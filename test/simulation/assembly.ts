import 'reflect-metadata';
import { CommandBus, QueryBus, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';

type Made<T> = abstract new (...parts: never[]) => T;
/** What others may see of a class: a double needs no more. */
export type Public<T> = { [K in keyof T]: T[K] };

type CommandWrapper = NonNullable<Parameters<CommandBus['register']>[0]>[number];
type QueryWrapper = NonNullable<Parameters<QueryBus['register']>[0]>[number];

/** Puts classes together as Nest would, without its start-up: a simulated process must begin in a millisecond. */
export class Assembly {
  private readonly parts = new Map<unknown, unknown>();

  constructor() {
    this.provide(CommandBus, new CommandBus(undefined as never));
    this.provide(QueryBus, new QueryBus(undefined as never));
  }

  provide<T>(token: Made<T>, part: NoInfer<Public<T>>): this {
    this.parts.set(token, part);
    return this;
  }

  /** @throws Error when a part of it is an abstract class that nobody provided */
  get<T>(token: Made<T>): T {
    const known = this.parts.get(token) as T | undefined;
    if (known !== undefined) return known;
    const needed = (Reflect.getMetadata('design:paramtypes', token) ?? []) as Made<object>[];
    if (needed.length < token.length) throw new Error(`nobody provides ${token.name}`);
    const construct = token as unknown as new (...parts: readonly object[]) => T;
    const made = new construct(...needed.map((part) => this.get(part)));
    this.parts.set(token, made);
    return made;
  }

  handleCommands(...handlers: readonly Made<ICommandHandler>[]): this {
    const wrapped = handlers.map((handler) => wrap(handler, this.get(handler)) as CommandWrapper);
    this.get(CommandBus).register(wrapped);
    return this;
  }

  handleQueries(...handlers: readonly Made<IQueryHandler>[]): this {
    const wrapped = handlers.map((handler) => wrap(handler, this.get(handler)) as QueryWrapper);
    this.get(QueryBus).register(wrapped);
    return this;
  }
}

const wrap = (metatype: Made<unknown>, instance: unknown): unknown => ({
  metatype,
  instance,
  isDependencyTreeStatic: () => true,
});
