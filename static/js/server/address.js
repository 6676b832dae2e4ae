// Where the server answers: below the path that it stands under, which the page's root element names.

/** @param {string} path  Such as /predict. @returns {string} */
export const address = (path) => (globalThis.document?.documentElement?.dataset.root ?? "") + path;
