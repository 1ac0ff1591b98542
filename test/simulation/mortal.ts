const never = new Promise<never>(() => undefined);

/** The life of one simulated process. Once it is over nothing of it acts any more; what it had sent stays sent. */
export class Life {
  private ended = false;

  constructor(private readonly onEnd: () => void) {}

  get isOver(): boolean {
    return this.ended;
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.onEnd();
  }
}

/** A part of the outside world as a process sees it that may die between asking and hearing. */
export function mortal<Part extends object>(part: Part, life: Life): Part {
  return new Proxy(part, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]): unknown => {
        if (life.isOver) return never;
        const answer: unknown = Reflect.apply(member, target, args);
        return answer instanceof Promise ? heardAlive(answer, life) : answer;
      };
    },
  });
}

function heardAlive(answer: Promise<unknown>, life: Life): Promise<unknown> {
  return answer.then(
    (value) => (life.isOver ? never : value),
    (error: unknown) => {
      if (life.isOver) return never;
      throw error;
    },
  );
}
