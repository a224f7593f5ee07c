// Regime: Postgres (may longjmp, never throws)
//
// Which publication publishes a table, asked of the catalogs: pg_get_publication_tables() locks every table of each
// publication.
#pragma once

namespace alkconv::pg {

// Condition on the catalog rows p of a publication and t of a table (is_publishable_class, GetRelationPublications,
// GetSchemaPublications, pg_publication.c, 17): itself, or a partitioned table that it is part of.
constexpr const char *kPublishes =
	"(t.relkind IN ('r', 'p') AND t.relpersistence = 'p' AND (p.puballtables OR EXISTS (SELECT FROM "
	"pg_catalog.pg_class a"
	" WHERE (a.oid = t.oid OR a.oid IN (SELECT b.relid FROM pg_catalog.pg_partition_ancestors(t.oid) b))"
	" AND (EXISTS (SELECT FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid AND r.prrelid = a.oid)"
	"  OR EXISTS (SELECT FROM pg_catalog.pg_publication_namespace n WHERE n.pnpubid = p.oid AND n.pnnspid = "
	"a.relnamespace)))))";

} // namespace alkconv::pg
