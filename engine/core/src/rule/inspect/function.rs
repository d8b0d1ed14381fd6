//! The functions of a file of rules, taken out of the interpreter's tree.

use std::sync::Arc;

use rhai::{AST, ASTNode, ImmutableString, Position, Stmt};

/// A function of the file.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: ImmutableString,
    pub(crate) params: Vec<ImmutableString>,
    /// Where its body begins.
    pub(crate) position: Position,
    pub(crate) body: Vec<Stmt>,
}

impl Function {
    /// As it is called.
    pub(crate) fn signature(&self) -> String {
        let params: Vec<&str> = self.params.iter().map(ImmutableString::as_str).collect();
        format!("{}({})", self.name, params.join(", "))
    }
}

/// All functions, in the order of the file.
pub(crate) fn functions(ast: &AST) -> Vec<Arc<Function>> {
    let mut all: Vec<Arc<Function>> = ast
        .iter_fn_def()
        .map(|defined| {
            let (name, arity) = (&defined.name, defined.params.len());
            let mut alone = ast.clone_functions_only();
            alone.retain_functions(|_, _, other, params| other == name.as_str() && params == arity);
            let mut body = Vec::new();
            alone.walk(&mut |path: &[ASTNode]| {
                if let [ASTNode::Stmt(statement)] = path {
                    body.push((*statement).clone());
                }
                true
            });
            let position = defined.body.start_position();
            Arc::new(Function { name: name.clone(), params: defined.params.iter().cloned().collect(), position, body })
        })
        .collect();
    all.sort_by_key(|function| (function.position.line(), function.position.position()));
    all
}
