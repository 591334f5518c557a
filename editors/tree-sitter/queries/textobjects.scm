; By Helix's names (`around`), and by those of nvim-treesitter-textobjects (`outer`).
[(table) (indicator) (scorecard) (plan)] @class.around @class.outer
(clause) @function.around @function.outer
(member) @function.around @function.outer
(test) @test.around @test.outer
(drawn_row) @entry.around @statement.outer
(drawn_cell) @entry.inside @parameter.inner
(comment) @comment.around @comment.outer
