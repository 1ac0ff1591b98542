import { readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { join } from 'node:path';

/** A place in what was built, as stack traces name it: `file:///app/dist/service/main.js:120:7`, or without the scheme. */
const BUILT_PLACE = /(?:file:\/\/)?[^\s()"']*?\/dist\/((?:[\w-]+\/)*[\w.-]+\.js):(\d+):(\d+)/g;

/** Puts the places of the sources where a text names places of the built files. */
export class MappedPlaces {
  private readonly maps = new Map<string, Promise<SourceMap | null>>();

  /** @param folder holds the maps of one build, in the folders of `dist` */
  constructor(private readonly folder: string) {}

  /** What no map tells of stays as it is. */
  async in(text: string): Promise<string> {
    let mapped = '';
    let end = 0;
    for (const place of text.matchAll(BUILT_PLACE)) {
      const [built, file = '', line = '', column = ''] = place;
      const source = await this.sourceOf(file, Number(line), Number(column));
      mapped += text.slice(end, place.index) + (source ?? built);
      end = place.index + built.length;
    }
    return mapped + text.slice(end);
  }

  private async sourceOf(file: string, line: number, column: number): Promise<string | null> {
    const origin = (await this.mapOf(file))?.findOrigin(line, column);
    if (origin === undefined || !('fileName' in origin)) return null;
    // Maps name sources from where the built file lies; the tree is the same everywhere.
    const source = origin.fileName.replace(/^(?:\.\.\/)+/, '');
    return `${source}:${origin.lineNumber}:${origin.columnNumber}`;
  }

  private mapOf(file: string): Promise<SourceMap | null> {
    const known = this.maps.get(file) ?? readMap(join(this.folder, `${file}.map`));
    this.maps.set(file, known);
    return known;
  }
}

// Another build's trace names files that this one does not have.
const readMap = (path: string): Promise<SourceMap | null> =>
  readFile(path, 'utf8').then(
    (text) => new SourceMap(JSON.parse(text)),
    () => null,
  );
