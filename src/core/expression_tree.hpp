// Regime: C++ (may throw, never calls Postgres)
//
// Expressions of MySQL and MariaDB as a tree, before anything is known of types.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace alkconv::core::expression {

// Why an expression is not translated. Thrown inside the translator, and becomes Translation::refusal.
struct Refusal {
	std::string reason;
};

enum class NodeKind : unsigned char {
	null,
	boolean,  // text: "true" or "false"
	number,	  // text: digits, point, exponent
	string,	  // text: the characters; name: the charset of the introducer, or empty
	bytes,	  // text: the bytes of X'..' and 0x..
	bits,	  // text: the digits of b'..'
	temporal, // name: date, time or timestamp; text
	column,	  // text: name
	unary,	  // text: -, ~, not; 1 child
	binary,	  // text: the operator; 2 children
	logical,  // text: and, or; 2 or more children
	is,		  // text: null, true, false; 1 child
	in,		  // the value and the list
	between,  // 3 children
	like,	  // 2 children, and the escape character's expression
	regexp,	  // 2 children
	case_,	  // text: "operand" when the first child is compared with; WHEN, THEN pairs; ELSE when the count is odd
	function, // text: name in lower case; name: a keyword of its arguments (trim, extract, timestampdiff)
	cast,	  // text: type in lower case; name: its charset; numbers: its arguments
	collate,  // text: collation
	interval, // text: unit in lower case; only below + and -
};

struct Node;
using NodePtr = std::unique_ptr<Node>;

struct Node {
	NodeKind kind;
	bool negated = false; // is, in, between, like, regexp: NOT
	bool binary = false;  // cast: to the charset's binary collation
	unsigned depth = 1;	  // of the tree below, itself included
	std::string text, name;
	std::vector<unsigned> numbers;
	std::vector<NodePtr> children;

	Node(NodeKind k, std::string t) : kind(k), text(std::move(t)) {}
};

// Trees deeper than this are refused: everything that walks them recurses.
constexpr unsigned kMaxDepth = 100;

} // namespace alkconv::core::expression
