// Regime: C++ (may throw, never calls Postgres)
//
// The type that mode `create` gives a column: when the data are not looked at, the smallest type that holds every value the MySQL
// type can have; a closer one where the facts about the data allow it.
#pragma once

#include "core/catalog.hpp"

namespace alkconv::core {

// DefaultTargetType (conversion.hpp) with its parts; `text` is format_type's spelling and `oid` 0.
// Raises Error(cannot_convert) for an unknown source type.
TargetType DefaultTarget(const SourceType &source);

// The same for a column of a table that is created, by its facts if they were asked: boolean for tinyint(1) unless a value is neither 0
// nor 1, bigint for bigint unsigned unless one is beyond it, time(n), uuid for char(36) and binary(16) where there are values and all are such.
// An enum has the kind enum_ and its labels, but no name: `text` is empty. It stays text where a label is not known or Postgres cannot have it
// (above 63 bytes).
// A shape is one of PostGIS where that is in `postgis`, the name of a schema, quoted where needed; empty: it is not there.
TargetType DefaultTarget(const SourceColumn &column, const std::string &postgis);

// Whether the catalog says the labels of an enum or set as they are: information_schema is utf8mb3 and shows characters beyond it as "?".
bool LabelsAreKnown(const SourceType &type);

// A type that a rule names, as far as statements must know it: the kind of a well-known name in any of its spellings, else `other`; `text` as it
// was given. In the schema `postgis`, if any, geometry and geography are those of PostGIS.
TargetType NamedTarget(const std::string &name, const std::string &postgis = "");

} // namespace alkconv::core
