export default { id: 'planted' }
