// Ends every run with jest's own result as one plain line, for those who read logs by machine.
export default class PlainCountReporter {
  onRunComplete(_contexts, results) {
    // A suite that cannot load reports no failed test, yet it has failed.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    console.log(`${results.numPassedTests} passed, ${failed} failed`);
  }
}
