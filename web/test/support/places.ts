// Where the tests find the files of the front end; the runner says where it lies.
export const web = (path: string): string => `${process.env.WEB ?? './'}${path}`
