// Imported first: the SDK takes hold of the console when it is loaded, and would fill the log of a build.
export const print = console.log.bind(console);
export const complain = console.error.bind(console);
for (const method of ["trace", "debug", "log", "info", "warn", "error"]) console[method] = () => {};

// matrix-js-sdk asks for Node 22, and of what that has beyond Node 20 it uses only this.
Promise.withResolvers ??= function () {
    let resolve, reject;
    const promise = new this((...both) => ([resolve, reject] = both));
    return { promise, resolve, reject };
};
