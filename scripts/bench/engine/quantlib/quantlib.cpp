// Times QuantLib on the contracts of a file and prints one JSON object of processor nanoseconds a contract and errors.
// The file is native doubles, eight a contract: spot, strike, years, rate, dividend yield, vol, price, 1 call or -1 put.
#include <ql/pricingengines/blackcalculator.hpp>
#include <ql/pricingengines/blackformula.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <vector>

using namespace QuantLib;

struct Contract {
    double spot, strike, years, rate, dividendYield, vol, price, sign;
    Option::Type type() const { return sign > 0 ? Option::Call : Option::Put; }
    double discount() const { return std::exp(-rate * years); }
    double forward() const { return spot * std::exp((rate - dividendYield) * years); }
};

static volatile double kept;

static double processorNs() {
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return 1e9 * t.tv_sec + t.tv_nsec;
}

static double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// Median over 9 passes after one uncounted, per contract.
template <class Work>
double timePerContract(const std::vector<Contract>& contracts, Work work) {
    std::vector<double> passes;
    for (int pass = 0; pass < 10; pass++) {
        double start = processorNs();
        for (const Contract& c : contracts) kept = work(c);
        if (pass > 0) passes.push_back((processorNs() - start) / contracts.size());
    }
    return median(passes);
}

static double greeks(const Contract& c) {
    BlackCalculator black(c.type(), c.strike, c.forward(), c.vol * std::sqrt(c.years), c.discount());
    double value = black.value();
    kept = black.delta(c.spot) + black.gamma(c.spot) + black.vega(c.years) + black.theta(c.spot, c.years) + black.rho(c.years);
    return value;
}

static double impliedVol(const Contract& c) {
    return blackFormulaImpliedStdDev(c.type(), c.strike, c.forward(), c.price, c.discount(), 0.0, Null<Real>(), 1e-10) /
           std::sqrt(c.years);
}

static double impliedVolLi(const Contract& c) {
    return blackFormulaImpliedStdDevLiRS(c.type(), c.strike, c.forward(), c.price, c.discount(), 0.0, Null<Real>(), 1.0,
                                         1e-12) /
           std::sqrt(c.years);
}

// An exception is a contract it cannot solve: no answer.
template <class Solve>
double solvedOrNan(Solve solve, const Contract& c) {
    try {
        return solve(c);
    } catch (const std::exception&) {
        return NAN;
    }
}

template <class Solve>
void reportVol(const char* name, const std::vector<Contract>& contracts, Solve solve) {
    auto solved = [&](const Contract& c) { return solvedOrNan(solve, c); };
    double ns = timePerContract(contracts, solved), largest = 0;
    int misses = 0;
    for (const Contract& c : contracts) {
        double error = std::fabs(solved(c) - c.vol);
        if (!(error <= 1e-8)) misses++;
        if (std::isfinite(error)) largest = std::max(largest, error);
    }
    std::printf("\"%s\":{\"ns\":%.6g,\"maxError\":%.3g,\"misses\":%d},", name, ns, largest, misses);
}

int main(int, char** arguments) {
    std::ifstream file(arguments[1], std::ios::binary | std::ios::ate);
    std::vector<Contract> contracts(file.tellg() / sizeof(Contract));
    file.seekg(0);
    file.read(reinterpret_cast<char*>(contracts.data()), contracts.size() * sizeof(Contract));
    double priceError = 0;
    for (const Contract& c : contracts) priceError = std::max(priceError, std::fabs(greeks(c) - c.price));
    std::printf("{");
    reportVol("impliedStdDev", contracts, impliedVol);
    reportVol("impliedStdDevLiRS", contracts, impliedVolLi);
    std::printf("\"greeks\":{\"ns\":%.6g,\"maxError\":%.3g}}\n", timePerContract(contracts, greeks), priceError);
}
