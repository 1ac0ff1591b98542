import { differences } from './document-differences.js';

const document = {
  paths: { '/a': { get: { summary: 'A', tags: ['x'] } }, '/b': { post: { summary: 'B' } } },
  components: { schemas: { Thing: { type: 'object' } } },
};

describe('comparing the document that is served with that of this build', () => {
  it('finds nothing in the same one, whatever the order of its members', () => {
    const turned = {
      components: document.components,
      paths: { '/b': document.paths['/b'], '/a': { get: { tags: ['x'], summary: 'A' } } },
    };
    expect(differences(document, turned)).toEqual([]);
  });

  it('names what is missing, what is more and what is told otherwise', () => {
    const served = {
      paths: { '/a': { get: { summary: 'other' } }, '/c': { get: { summary: 'C' } } },
      components: { schemas: { Thing: { type: 'string' } } },
    };
    expect(differences(document, served)).toEqual([
      'GET /a: is described otherwise than by this build',
      'GET /c: is served, and this build knows nothing of it',
      'POST /b: is not in the document that is served',
      'schemas/Thing: is described otherwise than by this build',
    ]);
  });
});
