; What can be gone to by its name.
(indicator . (name) @name) @definition.function
(table . (name) @name) @definition.class
(scorecard . (name) @name) @definition.module
(plan . (name) @name) @definition.module
(codes . (name) @name) @definition.constant
(define . (name) @name) @definition.function
(groups . (name) @name) @definition.function
(test . (name) @name) @reference.call
