//! Reads tables: rows in their parts, cells in their rows.

use super::{Block, Cell, Reader, Row, Scope, Table};
use crate::{Error, MAX_COLUMNS};
use roxmltree::Node;

impl Reader<'_> {
    pub(super) fn table(&self, node: Node, plain: bool, scope: &Scope) -> Result<Block, Error> {
        let mut table = Table { plain, head: Vec::new(), body: Vec::new(), columns: 0 };
        let mut foot = Vec::new();
        for part in node.children() {
            match part.tag_name().name() {
                "thead" => self.rows(part, scope, &mut table.head)?,
                "tbody" => self.rows(part, scope, &mut table.body)?,
                "tfoot" => self.rows(part, scope, &mut foot)?,
                "tr" => table.body.push(self.row(part, scope)?),
                _ => self.nothing(part, "in a cell of the table")?,
            }
        }
        table.body.append(&mut foot);
        let width = |row: &Row| row.cells.iter().map(|cell| cell.span).sum::<usize>();
        table.columns = table.head.iter().chain(&table.body).map(width).max().unwrap_or(0);
        if table.columns > MAX_COLUMNS {
            return Err(Error::TooManyColumns { line: self.line(node) });
        }
        Ok(Block::Table(table))
    }

    fn rows(&self, part: Node, outer: &Scope, out: &mut Vec<Row>) -> Result<(), Error> {
        let scope = outer.inside(part);
        for child in part.children() {
            if child.has_tag_name("tr") {
                out.push(self.row(child, &scope)?);
            } else {
                self.nothing(child, "in a cell of the table")?;
            }
        }
        Ok(())
    }

    fn row(&self, node: Node, outer: &Scope) -> Result<Row, Error> {
        let scope = outer.inside(node);
        let mut row = Row { total: self.classes(node)?.total, cells: Vec::new() };
        for child in node.children() {
            let header = child.has_tag_name("th");
            if !header && !child.has_tag_name("td") {
                self.nothing(child, "in a cell of the table")?;
                continue;
            }
            let scope = scope.inside(child);
            self.depth(child, scope.depth)?;
            let span = child.attribute("colspan").and_then(|text| text.trim().parse().ok());
            row.cells.push(Cell {
                header,
                align: self.classes(child)?.align,
                // A span beyond the limit is refused with the table it widens.
                span: span.unwrap_or(1).clamp(1, MAX_COLUMNS + 1),
                blocks: self.flow(child, &scope)?,
            });
        }
        Ok(row)
    }
}
