// Regime: C++ (may throw, never calls Postgres)
//
// Recursive descent, a function for each level of precedence. The levels are those of both servers' grammars (sql_yacc.yy): OR,
// XOR, AND, NOT, IS and comparisons, predicates, | & << >> + - * / ^, prefixes. MySQL prints parentheses around everything;
// MariaDB only where precedence asks for them.
#include "core/expression_parser.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace alkconv::core::expression {

namespace {

class Parser {
public:
	explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

	NodePtr Run() {
		NodePtr tree = Or();
		if (Peek().kind != TokenKind::end)
			throw Refusal{"the syntax at \"" + Peek().text + "\" is not understood"};
		return tree;
	}

private:
	// ---- words -----------------------------------------------------------------------------------------------------

	const Token &Peek(size_t ahead = 0) const noexcept { return tokens_[std::min(at_ + ahead, tokens_.size() - 1)]; }

	bool IsName(std::string_view text, size_t ahead = 0) const noexcept {
		return Peek(ahead).kind == TokenKind::name && Peek(ahead).text == text;
	}
	bool IsSymbol(std::string_view text, size_t ahead = 0) const noexcept {
		return Peek(ahead).kind == TokenKind::symbol && Peek(ahead).text == text;
	}
	bool TakeName(std::string_view text) noexcept {
		const bool is = IsName(text);
		at_ += is ? 1 : 0;
		return is;
	}
	bool TakeSymbol(std::string_view text) noexcept {
		const bool is = IsSymbol(text);
		at_ += is ? 1 : 0;
		return is;
	}
	void Expect(bool taken, const char *what) const {
		if (!taken)
			throw Refusal{std::string("\"") + what + "\" is missing before \"" + Peek().text + "\""};
	}
	std::string TakeAnyName(const char *what) {
		if (Peek().kind != TokenKind::name)
			throw Refusal{std::string(what) + " is missing before \"" + Peek().text + "\""};
		return tokens_[at_++].text;
	}

	// ---- nodes -----------------------------------------------------------------------------------------------------

	NodePtr Make(NodeKind kind, std::string text) const { return std::make_unique<Node>(kind, std::move(text)); }

	static void Attach(Node &parent, NodePtr child) {
		parent.depth = std::max(parent.depth, child->depth + 1);
		if (parent.depth > kMaxDepth)
			throw Refusal{"it is nested more than " + std::to_string(kMaxDepth) + " levels deep"};
		parent.children.push_back(std::move(child));
	}

	template <typename... Children>
	NodePtr Make(NodeKind kind, std::string text, Children... children) const {
		NodePtr node = Make(kind, std::move(text));
		(Attach(*node, std::move(children)), ...);
		return node;
	}

	// Counts the functions on the stack, where parentheses nest without making nodes. Each level of parentheses passes four of these.
	struct Nesting {
		explicit Nesting(Parser &p) : parser(p) {
			if (++parser.nesting_ > 4 * kMaxDepth)
				throw Refusal{"it is nested more than " + std::to_string(kMaxDepth) + " levels deep"};
		}
		~Nesting() { --parser.nesting_; }
		Nesting(const Nesting &) = delete;
		Nesting &operator=(const Nesting &) = delete;
		Parser &parser;
	};

	// ---- levels of precedence ----------------------------------------------------------------------------------------

	// One node for a chain, so that long ones are not deep.
	template <typename Next>
	NodePtr Chain(const char *name, const char *symbol, Next next) {
		NodePtr first = next();
		if (!IsName(name) && !IsSymbol(symbol))
			return first;
		NodePtr node = Make(NodeKind::logical, name, std::move(first));
		while (TakeName(name) || TakeSymbol(symbol))
			Attach(*node, next());
		return node;
	}

	NodePtr Or() {
		const Nesting nesting(*this);
		return Chain("or", "||", [this] { return Xor(); });
	}

	NodePtr Xor() {
		NodePtr left = And();
		while (TakeName("xor"))
			left = Make(NodeKind::binary, "xor", std::move(left), And());
		return left;
	}

	NodePtr And() {
		return Chain("and", "&&", [this] { return Not(); });
	}

	NodePtr Not() {
		const Nesting nesting(*this);
		if (TakeName("not"))
			return Make(NodeKind::unary, "not", Not());
		return Comparison();
	}

	NodePtr Comparison() {
		NodePtr left = Predicate();
		for (;;) {
			constexpr std::array<std::string_view, 8> kOperators{"=", "<=>", "<>", "!=", "<", "<=", ">", ">="};
			const Token &token = Peek();
			if (TakeName("is")) {
				left = Is(std::move(left));
			} else if (token.kind == TokenKind::symbol &&
					   std::find(kOperators.begin(), kOperators.end(), token.text) != kOperators.end()) {
				std::string text = token.text == "!=" ? "<>" : token.text;
				++at_;
				left = Make(NodeKind::binary, std::move(text), std::move(left), Predicate());
			} else {
				return left;
			}
		}
	}

	NodePtr Is(NodePtr value) {
		const bool negated = TakeName("not");
		std::string what = TakeAnyName("NULL, TRUE or FALSE");
		if (what == "unknown")
			what = "null";
		if (what != "null" && what != "true" && what != "false")
			throw Refusal{"IS " + what + " is not understood"};
		NodePtr node = Make(NodeKind::is, std::move(what), std::move(value));
		node->negated = negated;
		return node;
	}

	NodePtr Predicate() {
		const Nesting nesting(*this);
		NodePtr value = Bits(0);
		const bool negated = IsName("not") && (IsName("in", 1) || IsName("between", 1) || IsName("like", 1) ||
											   IsName("regexp", 1) || IsName("rlike", 1));
		at_ += negated ? 1 : 0;
		NodePtr node;
		if (TakeName("in")) {
			node = Make(NodeKind::in, "", std::move(value));
			Expect(TakeSymbol("("), "(");
			List(*node);
		} else if (TakeName("between")) {
			NodePtr low = Bits(0);
			Expect(TakeName("and"), "AND");
			node = Make(NodeKind::between, "", std::move(value), std::move(low), Predicate());
		} else if (TakeName("like")) {
			node = Make(NodeKind::like, "", std::move(value), Prefixed());
			if (TakeName("escape"))
				Attach(*node, Prefixed());
		} else if (TakeName("regexp") || TakeName("rlike")) {
			node = Make(NodeKind::regexp, "", std::move(value), Bits(0));
		} else {
			return value;
		}
		node->negated = negated;
		return node;
	}

	// The binary operator here, if it is of this level.
	std::string TakeOperator(size_t level) {
		static const std::array<std::initializer_list<std::string_view>, 6> kLevels{
			{{"|"}, {"&"}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "%", "div", "mod"}, {"^"}}};
		for (const std::string_view text : kLevels[level])
			if (IsSymbol(text) || (text.size() == 3 && IsName(text)))
				return tokens_[at_++].text;
		return {};
	}

	NodePtr Bits(size_t level) {
		constexpr size_t kSum = 3, kTightest = 5;
		NodePtr left = level < kTightest ? Bits(level + 1) : Prefixed();
		for (std::string text = TakeOperator(level); !text.empty(); text = TakeOperator(level)) {
			if (text == "mod")
				text = "%";
			NodePtr right;
			if (level == kSum && IsName("interval") && !IsSymbol("(", 1))
				right = Interval();
			else if (level == kSum && IsName("interval"))
				right = IntervalOrFunction();
			else
				right = level < kTightest ? Bits(level + 1) : Prefixed();
			left = Make(NodeKind::binary, std::move(text), std::move(left), std::move(right));
		}
		return left;
	}

	// `interval (x) day` and the function interval(x, y, ...) begin alike: a unit follows the former.
	NodePtr IntervalOrFunction() {
		size_t ahead = 1, open = 0;
		do {
			open += IsSymbol("(", ahead) ? 1 : 0;
			open -= IsSymbol(")", ahead) ? 1 : 0;
			++ahead;
		} while (open > 0 && Peek(ahead).kind != TokenKind::end);
		constexpr std::array<std::string_view, 5> kNoUnits{"and", "or", "xor", "is", "in"};
		const bool unit = Peek(ahead).kind == TokenKind::name &&
						  std::find(kNoUnits.begin(), kNoUnits.end(), Peek(ahead).text) == kNoUnits.end();
		return unit ? Interval() : Bits(4);
	}

	NodePtr Interval() {
		++at_;
		NodePtr amount = Or();
		return Make(NodeKind::interval, TakeAnyName("the unit of an interval"), std::move(amount));
	}

	NodePtr Prefixed() {
		const Nesting nesting(*this);
		NodePtr node;
		if (TakeSymbol("-"))
			node = Make(NodeKind::unary, "-", Prefixed());
		else if (TakeSymbol("~"))
			node = Make(NodeKind::unary, "~", Prefixed());
		else if (TakeSymbol("!"))
			node = Make(NodeKind::unary, "not", Prefixed());
		else if (TakeSymbol("+"))
			node = Prefixed();
		else
			node = Primary();
		while (TakeName("collate"))
			node = Make(NodeKind::collate, TakeAnyName("a collation"), std::move(node));
		return node;
	}

	// ---- operands ----------------------------------------------------------------------------------------------------

	NodePtr Primary() {
		const Token token = Peek();
		switch (token.kind) {
		case TokenKind::number: ++at_; return Make(NodeKind::number, token.text);
		case TokenKind::string: ++at_; return Make(NodeKind::string, token.text);
		case TokenKind::bytes: ++at_; return Make(NodeKind::bytes, token.text);
		case TokenKind::bits: ++at_; return Make(NodeKind::bits, token.text);
		case TokenKind::identifier: return Column();
		case TokenKind::name: return Named();
		case TokenKind::symbol:
			if (TakeSymbol("(")) {
				NodePtr inner = Or();
				Expect(TakeSymbol(")"), ")");
				return inner;
			}
			break;
		case TokenKind::end: throw Refusal{"the expression ends too early"};
		}
		throw Refusal{"the syntax at \"" + token.text + "\" is not understood"};
	}

	// The last of column, table.column, database.table.column.
	NodePtr Column() {
		std::string name = tokens_[at_++].text;
		while (IsSymbol(".") && Peek(1).kind == TokenKind::identifier) {
			name = Peek(1).text;
			at_ += 2;
		}
		return Make(NodeKind::column, std::move(name));
	}

	NodePtr Named() {
		const std::string name = tokens_[at_++].text;
		if (Peek().kind == TokenKind::string) {
			if (name == "date" || name == "time" || name == "timestamp") {
				NodePtr node = Make(NodeKind::temporal, tokens_[at_++].text);
				node->name = name;
				return node;
			}
			if (name[0] == '_' || name == "n") {
				NodePtr node = Make(NodeKind::string, tokens_[at_++].text);
				node->name = name == "n" ? "utf8mb3" : name.substr(1);
				return node;
			}
		}
		if (name[0] == '_' && (Peek().kind == TokenKind::bytes || Peek().kind == TokenKind::bits)) {
			if (name != "_binary")
				throw Refusal{"a hex literal with the introducer " + name + " is not translated"};
			return Primary();
		}
		if (!IsSymbol("("))
			return Keyword(name);
		if (name == "cast" || name == "convert")
			return Cast(name == "convert");
		return Function(name);
	}

	NodePtr Keyword(const std::string &name) {
		if (name == "null")
			return Make(NodeKind::null, "");
		if (name == "true" || name == "false")
			return Make(NodeKind::boolean, name);
		if (name == "case")
			return Case();
		if (name == "current_timestamp" || name == "localtimestamp" || name == "localtime" || name == "current_date" ||
			name == "current_time" || name == "utc_timestamp" || name == "utc_date" || name == "utc_time")
			return Make(NodeKind::function, name);
		if (name == "binary")
			return Make(NodeKind::cast, "binary", Prefixed());
		throw Refusal{"the syntax at \"" + name + "\" is not understood"};
	}

	NodePtr Case() {
		const Nesting nesting(*this);
		NodePtr node = Make(NodeKind::case_, "");
		if (!IsName("when")) {
			node->text = "operand";
			Attach(*node, Or());
		}
		while (TakeName("when")) {
			Attach(*node, Or());
			Expect(TakeName("then"), "THEN");
			Attach(*node, Or());
		}
		if (TakeName("else"))
			Attach(*node, Or());
		Expect(TakeName("end"), "END");
		return node;
	}

	// The rest of an argument list whose parenthesis is open.
	void List(Node &node) {
		if (TakeSymbol(")"))
			return;
		do
			Attach(node, Or());
		while (TakeSymbol(","));
		Expect(TakeSymbol(")"), ")");
	}

	NodePtr Function(const std::string &name) {
		++at_;
		NodePtr node = Make(NodeKind::function, name);
		if (name == "trim" && (IsName("leading") || IsName("trailing") || IsName("both"))) {
			node->name = tokens_[at_++].text;
			NodePtr what = Or();
			Expect(TakeName("from"), "FROM");
			Attach(*node, Or());
			Attach(*node, std::move(what));
			Expect(TakeSymbol(")"), ")");
		} else if (name == "extract") {
			node->name = TakeAnyName("the unit of extract()");
			Expect(TakeName("from"), "FROM");
			Attach(*node, Or());
			Expect(TakeSymbol(")"), ")");
		} else if ((name == "timestampdiff" || name == "timestampadd") && Peek().kind == TokenKind::name) {
			node->name = tokens_[at_++].text;
			Expect(TakeSymbol(","), ",");
			List(*node);
		} else {
			List(*node);
		}
		return node;
	}

	// cast(x as type), convert(x, type), convert(x using charset).
	NodePtr Cast(bool convert) {
		++at_;
		NodePtr node = Make(NodeKind::cast, "", Or());
		if (convert && TakeName("using")) {
			node->text = "char";
			node->name = TakeAnyName("a charset");
		} else {
			Expect(convert ? TakeSymbol(",") : TakeName("as"), convert ? "," : "AS");
			node->text = TakeAnyName("a type");
			if (TakeSymbol("(")) {
				do {
					const Token number = tokens_[at_++];
					if (number.kind != TokenKind::number || number.text.size() > 4 ||
						number.text.find_first_not_of("0123456789") != std::string::npos)
						throw Refusal{"the length of a cast is not understood"};
					node->numbers.push_back(static_cast<unsigned>(std::stoul(number.text)));
				} while (TakeSymbol(","));
				Expect(TakeSymbol(")"), ")");
			}
			TakeName("integer");
			if (TakeName("charset"))
				node->name = TakeAnyName("a charset");
			else if (TakeName("character")) {
				Expect(TakeName("set"), "SET");
				node->name = TakeAnyName("a charset");
			}
			node->binary = TakeName("binary");
		}
		Expect(TakeSymbol(")"), ")");
		return node;
	}

	std::vector<Token> tokens_;
	size_t at_ = 0;
	unsigned nesting_ = 0;
};

} // namespace

NodePtr Parse(std::vector<Token> tokens) { return Parser(std::move(tokens)).Run(); }

} // namespace alkconv::core::expression
