// Regime: C++ (may throw, never calls Postgres)
//
// Walks a tree and makes values of it. The operators are in expression_operators.cpp, the functions by subject in the other files.
#pragma once

#include "core/expression.hpp"
#include "core/expression_tree.hpp"
#include "core/expression_value.hpp"

#include <string>
#include <vector>

namespace alkconv::core::expression {

class Translator {
public:
	explicit Translator(const ExpressionScope &scope) noexcept : scope_(scope) {}

	// Throws Refusal.
	Value Translate(const Node &node) const;
	std::vector<Value> TranslateAll(const std::vector<NodePtr> &nodes) const;
	bool mariadb() const noexcept { return scope_.mariadb; }

private:
	Value Column(const std::string &name) const;
	Value Literal(const Node &node) const;
	Value Unary(const Node &node) const;
	Value Binary(const Node &node) const;
	Value Logical(const Node &node) const;
	Value Is(const Node &node) const;
	Value In(const Node &node) const;
	Value Between(const Node &node) const;
	Value Case(const Node &node) const;
	Value DateArithmetic(const Node &node) const;

	const ExpressionScope &scope_;
};

// A column of the target as the source's expressions see it. Throws Refusal for pairs of types that no operator is known for.
Value ColumnValue(const ExpressionColumn &column);

// left OP right for = <> < <= > >= and <=>, as a boolean.
Value Compare(const std::string &op, const Value &left, const Value &right);
// Operands of one comparison, in forms that Postgres compares as MySQL does.
void PrepareComparison(const std::string &op, std::vector<Value> &operands);

// + - * / div % & | ^ << >>
Value Arithmetic(const std::string &op, const Value &left, const Value &right);
Value Negate(const Value &v);
Value Invert(const Value &v);

Value Collate(const Value &v, const std::string &collation);
Value Like(const Node &node, const std::vector<Value> &operands);
Value Cast(const Node &node, const Value &v, bool mariadb);

// v and, where they are all not NULL, the SQL; NULL otherwise.
std::string IfNotNull(const std::vector<Value> &values, const std::string &sql);

// A function of the known set. Throws Refusal for others.
Value Call(const Node &node, std::vector<Value> arguments, bool mariadb);

// The parts of it by subject; false when the function is not theirs.
struct CallOf {
	const std::string &name;	// in lower case
	const std::string &keyword; // of trim, extract, timestampdiff
	std::vector<Value> &arguments;
	bool mariadb;

	// Throws Refusal unless there are so many arguments.
	void Expect(size_t at_least, size_t at_most) const;
	// An argument that is a whole number, known now.
	Wide Constant(size_t argument) const;
	const Value &operator[](size_t i) const { return arguments[i]; }
};
bool CallText(const CallOf &call, Value &result);
bool CallHash(const CallOf &call, Value &result);
bool CallNumber(const CallOf &call, Value &result);
bool CallChoice(const CallOf &call, Value &result);
bool CallTemporal(const CallOf &call, Value &result);
bool CallClock(const CallOf &call, Value &result);
bool CallJson(const CallOf &call, Value &result);

} // namespace alkconv::core::expression
