using System.ComponentModel;
using System.Globalization;
using MediaScore.Pipelines.Audio;

namespace MediaScore.Benchmarks.Captions;

/// <summary>Options of the audio pipeline by name, as on the command line: <c>EndSilenceMs=500</c>.</summary>
internal static class Settings
{
    public static AudioPipelineOptions Parse(IEnumerable<string> settings)
    {
        var options = new AudioPipelineOptions();
        foreach (var setting in settings)
        {
            var (name, value) = setting.Split('=') is [var left, var right] ? (left, right) : throw new ArgumentException($"'{setting}' is not Option=value.");
            var property = typeof(AudioPipelineOptions).GetProperty(name) ?? throw new ArgumentException($"AudioPipelineOptions has no '{name}'.");
            property.SetValue(options, TypeDescriptor.GetConverter(property.PropertyType).ConvertFromString(null, CultureInfo.InvariantCulture, value));
        }

        return options;
    }
}
