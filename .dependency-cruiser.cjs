module.exports = { forbidden: [{ name: 'x', severity: 'error', from: {path:'^services'}, to: { circular: true } }], options: { parser: 'swc', doNotFollow: { path: 'node_modules' } } };
