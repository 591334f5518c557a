; By Helix's names, and by Neovim's.
[(table) (indicator) (scorecard) (plan) (test)] @indent @indent.begin
"}" @outdent @indent.branch @indent.end
