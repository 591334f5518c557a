; Names that hold inside of an indicator or a table: of `let`, of rows (`as later`), of columns.
[(indicator) (table)] @local.scope
(let_ (name) @local.definition)
(alias (name) @local.definition)
(member . (name) @local.definition)
(path . (name) @local.reference)
