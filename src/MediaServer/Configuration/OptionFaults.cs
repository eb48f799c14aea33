using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace MediaScore.MediaServer.Configuration;

/// <summary>Collects every fault of one options object, those of its attributes first, so that one start tells them all.</summary>
internal sealed class OptionFaults
{
    private readonly List<string> _faults = [];

    public OptionFaults(string section, object options)
    {
        foreach (var property in options.GetType().GetProperties())
        {
            var value = property.GetValue(options);
            foreach (var attribute in property.GetCustomAttributes(inherit: true).OfType<ValidationAttribute>())
            {
                if (attribute.IsValid(value))
                    continue;
                _faults.Add(attribute.ErrorMessage ?? $"{section}:{property.Name} is '{value}'; {Bound(attribute)}.");
            }
        }
    }

    public void Add(string fault) => _faults.Add(fault);

    public ValidateOptionsResult ToResult() => _faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_faults);

    private static string Bound(ValidationAttribute attribute) => attribute switch
    {
        RangeAttribute range => $"it must lie between {range.Minimum} and {range.Maximum}",
        RequiredAttribute => "it must not be empty",
        _ => attribute.FormatErrorMessage("it"),
    };
}

/// <summary>Checks the attributes of options that have no rules across fields.</summary>
internal sealed class AttributeValidator<TOptions>(string section) : IValidateOptions<TOptions>
    where TOptions : class
{
    public ValidateOptionsResult Validate(string? name, TOptions options) => new OptionFaults(section, options).ToResult();
}
