// Regime: C++ (may throw, never calls Postgres)
//
// Shapes: MySQL's spatial types and those of PostGIS. MySQL and MariaDB store and send a shape as its SRID (4 bytes) and its WKB, both
// little-endian, two coordinates a point (MySQL 9 manual, 13.4.3 "Internal Geometry Storage Format"). Of a geographic reference system MySQL
// 8 and later store the longitude first whatever the axis order of its definition is (that order is one of its functions' input and
// output), MariaDB stores what it was given, by convention the longitude first. PostGIS has longitude first, too: no coordinate is moved.
#pragma once

#include "core/types.hpp"

#include <string>
#include <string_view>

namespace alkconv::core {

// The highest SRID that PostGIS has (SRID_MAXIMUM); of a higher one it would make another.
constexpr uint32_t kMaxSrid = 999999;

// The SRID that a type of PostGIS demands by its name: 4326 for "public.geometry(Point,4326)"; 0: none.
uint32_t SridOfTypeName(std::string_view name) noexcept;

// Fills shape and srid of a type of PostGIS that is called `type_name` ("geometry", "geography") and shown as target.stored().
void DescribeShape(std::string_view type_name, TargetType &target);

// The type of mode `create` in a database that has PostGIS in `schema` (quoted where needed): schema.geometry(Point,4326). The kind of
// shape is kept, and the SRID where the source's column demands one.
TargetType ShapeTarget(const SourceType &source, const std::string &schema);

// Whether ST_SRID says a reference system that the target does not take: another one than it demands; none, which geography would take for
// WGS 84; one that PostGIS cannot have.
bool RefusesSrid(const TargetType &target, uint32_t srid) noexcept;

} // namespace alkconv::core
